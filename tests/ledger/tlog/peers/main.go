// tlogpeer judges what ledger/tlog made, by the Go implementations of the same specifications.
//
// It reads a JSON list of cases from standard input and writes a list of answers: an empty text where the case is
// accepted, else the reason.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Case is one question. Kind says which of the other fields it has.
type Case struct {
	Kind    string
	Vkey    string
	Note    string
	Policy  string
	Proof   string
	Leaf    []byte
	Index   int64
	OldSize int64
	OldRoot []byte
	Size    int64
	Root    []byte
	Hashes  [][]byte
}

func main() {
	var cases []Case
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	answers := make([]string, 0, len(cases))
	for _, c := range cases {
		if err := judge(c); err != nil {
			answers = append(answers, err.Error())
		} else {
			answers = append(answers, "")
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func judge(c Case) error {
	switch c.Kind {
	case "note":
		v, err := note.NewVerifier(c.Vkey)
		if err != nil {
			return err
		}
		_, err = note.Open([]byte(c.Note), note.VerifierList(v))
		return err
	case "cosignature":
		v, err := torchwood.NewCosignatureVerifier(c.Vkey)
		if err != nil {
			return err
		}
		n, err := note.Open([]byte(c.Note), note.VerifierList(v))
		if err != nil {
			return err
		}
		_, err = torchwood.CosignatureTimestamp(n.Sigs[0])
		return err
	case "checkpoint":
		p, err := torchwood.ParsePolicy([]byte(c.Policy))
		if err != nil {
			return err
		}
		_, _, err = torchwood.VerifyCheckpoint([]byte(c.Note), p)
		return err
	case "proof":
		p, err := torchwood.ParsePolicy([]byte(c.Policy))
		if err != nil {
			return err
		}
		return torchwood.VerifyProof(p, tlog.Hash(c.Leaf), []byte(c.Proof))
	case "inclusion":
		return tlog.CheckRecord(hashes(c.Hashes), c.Size, tlog.Hash(c.Root), c.Index, tlog.Hash(c.Leaf))
	case "consistency":
		return tlog.CheckTree(hashes(c.Hashes), c.Size, tlog.Hash(c.Root), c.OldSize, tlog.Hash(c.OldRoot))
	}
	return errors.New("no such kind of case: " + c.Kind)
}

func hashes(all [][]byte) []tlog.Hash {
	converted := make([]tlog.Hash, 0, len(all))
	for _, each := range all {
		converted = append(converted, tlog.Hash(each))
	}
	return converted
}
