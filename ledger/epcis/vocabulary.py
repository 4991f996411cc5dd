"""The standard vocabularies: Core Business Vocabulary 2.0 (ISO/IEC 19988) and the GS1 terms that sensor data use.

A term has three spellings: the bare word in JSON-LD (``shipping``), a URN in XML
(``urn:epcglobal:cbv:bizstep:shipping``) and a web URI, which also appears as a compact one
(``https://ref.gs1.org/cbv/BizStep-shipping``, ``cbv:BizStep-shipping``).

>>> BIZ_STEP.term("urn:epcglobal:cbv:bizstep:shipping")
'shipping'
>>> BIZ_STEP.urn("shipping")
'urn:epcglobal:cbv:bizstep:shipping'
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

ACTIONS: Final = frozenset({"ADD", "OBSERVE", "DELETE"})
"""What an event does to the relation it records (EPCIS 2.0, section 7.3.3.2)."""

CBV_IRI: Final = "https://ref.gs1.org/cbv/"
GS1_IRI: Final = "https://gs1.org/voc/"
GS1_IRIS: Final = (
    GS1_IRI,
    "http://gs1.org/voc/",
    "https://www.gs1.org/voc/",
    "http://www.gs1.org/voc/",
    "https://ref.gs1.org/voc/",
)
"""The GS1 Web Vocabulary under each of the addresses it has had."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One closed list of standard terms and the ways to spell them.

    Args:
        name: what a term of it is called, for messages.
        rule: the id of the rule that a value outside it breaks.
        terms: the bare words.
        written: what stands before the bare word in XML.
        prefixes: everything that may stand before a bare word.
    """

    name: str
    rule: str
    terms: frozenset[str]
    written: str
    prefixes: tuple[str, ...]

    def term(self, text: str) -> str | None:
        """The bare word that a URI, compact URI or URN spells, or None where it spells none of this vocabulary."""
        for prefix in self.prefixes:
            if text.startswith(prefix):
                bare = text[len(prefix) :]
                return bare if bare in self.terms else None
        return None

    def claims(self, text: str) -> bool:
        """Whether the text is spelled as a term of this vocabulary, standard or not."""
        return text.startswith(self.prefixes)

    def urn(self, term: str) -> str:
        """The spelling that the XML binding uses."""
        return self.written + term

    def nearest(self, text: str) -> str:
        """The standard term that looks most like the text, or an empty string."""
        bare = text.rsplit(":", 1)[-1].rsplit("/", 1)[-1].rsplit("-", 1)[-1]
        close = get_close_matches(bare[:64], sorted(self.terms), n=1, cutoff=0.6)
        return close[0] if close else ""


def _cbv(name: str, rule: str, urn: str, kind: str, terms: str) -> Vocabulary:
    web = (f"cbv:{kind}-", f"{CBV_IRI}{kind}-", f"http://ref.gs1.org/cbv/{kind}-")
    prefixes = (f"urn:epcglobal:cbv:{urn}:", *web) if urn else web
    return Vocabulary(name, rule, frozenset(terms.split()), prefixes[0], prefixes)


def _gs1(name: str, rule: str, terms: str) -> Vocabulary:
    return Vocabulary(name, rule, frozenset(terms.split()), "gs1:", ("gs1:", *GS1_IRIS))


BIZ_STEP: Final = _cbv(
    "business step",
    "cbv.biz-step",
    "bizstep",
    "BizStep",
    """accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting
    decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting
    installing killing loading other packing picking receiving removing repackaging repairing replacing reserving
    retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting
    unloading unpacking void_shipping""",
)
"""Business steps (CBV 2.0, section 7.1)."""

DISPOSITION: Final = _cbv(
    "disposition",
    "cbv.disposition",
    "disp",
    "Disp",
    """active available completeness_inferred completeness_verified conformant container_closed container_open damaged
    destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance
    mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled
    reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown""",
)
"""Dispositions (CBV 2.0, section 7.2)."""

BIZ_TRANSACTION_TYPE: Final = _cbv(
    "business transaction type",
    "cbv.biz-transaction-type",
    "btt",
    "BTT",
    "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt",
)
"""Types of business transactions (CBV 2.0, section 7.3)."""

SOURCE_DESTINATION_TYPE: Final = _cbv(
    "source or destination type",
    "cbv.source-destination-type",
    "sdt",
    "SDT",
    "location owning_party possessing_party",
)
"""Types of sources and destinations (CBV 2.0, section 7.4)."""

ERROR_REASON: Final = _cbv("error reason", "cbv.error-reason", "er", "ER", "did_not_occur incorrect_data")
"""Reasons of an error declaration (CBV 2.0, section 7.5)."""

COMPONENT: Final = _cbv(
    "component",
    "cbv.component",
    "",  # components came with CBV 2.0, after the URNs
    "Comp",
    """altitude axial_distance azimuth easting elevation_angle height latitude longitude northing polar_angle
    spherical_radius x y z""",
)
"""Components of a sensor report's value (CBV 2.0, section 7.7)."""

MEASUREMENT_TYPE: Final = _gs1(
    "measurement type",
    "gs1.measurement-type",
    """AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance
    Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity
    ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency
    Illuminance Inductance
    Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux
    MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity
    MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity Radioactivity
    RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature
    Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber""",
)
"""Kinds of measurements (GS1 Web Vocabulary, MeasurementType)."""

SENSOR_ALERT: Final = _gs1("sensor alert type", "gs1.sensor-alert", "ALARM_CONDITION ERROR_CONDITION")
"""Alerts of a sensor (GS1 Web Vocabulary, SensorAlertType)."""

VOCABULARIES: Final = (
    BIZ_STEP,
    DISPOSITION,
    BIZ_TRANSACTION_TYPE,
    SOURCE_DESTINATION_TYPE,
    ERROR_REASON,
    COMPONENT,
    MEASUREMENT_TYPE,
    SENSOR_ALERT,
)
