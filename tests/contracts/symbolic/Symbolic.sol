// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The cheat codes of the proofs. The first six are forge's too.
interface SymbolicVm {
    function assume(bool condition) external pure;
    function prank(address sender) external;
    function warp(uint256 time) external;
    function getCode(string calldata artifact) external view returns (bytes memory);
    function load(address target, bytes32 slot) external view returns (bytes32);
    function setArbitraryStorage(address target) external;
    function snapshotStorage(address target) external returns (bytes32);
}

/// @notice What every proof has.
///
/// A function whose name begins with check_ is a theorem: halmos looks for values of its parameters, and of all storage
/// that was made arbitrary, that fail an assertion, and shows that there are none. Values for which a call reverts, or an
/// assumption does not hold, prove nothing and are passed over. Storage that is arbitrary stands for every history there
/// can be, and more: what holds from any state holds after any sequence of calls.
abstract contract Symbolic {
    SymbolicVm internal constant vm = SymbolicVm(address(uint160(uint256(keccak256("hevm cheat code")))));
    SymbolicVm internal constant svm = SymbolicVm(address(uint160(uint256(keccak256("svm cheat code")))));

    /// @dev Deploy a contract that was compiled for itself: one that is created here would be compiled into each proof.
    function _deploy(string memory artifact, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(artifact), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        assert(deployed != address(0));
    }
}
