// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsistencyProof} from "contracts/libraries/ConsistencyProof.sol";
import {Test} from "../support/Test.sol";
import {Tree, Trees} from "../support/Trees.sol";

/// @notice The library, so that a proof is call data.
contract Verifier {
    function roots(
        uint64 first,
        uint64 second,
        bytes32 firstRoot,
        bytes32[] calldata proof
    ) external view returns (bytes32, bytes32, bool) {
        return ConsistencyProof.roots(first, second, firstRoot, proof);
    }

    function length(uint64 first, uint64 second) external pure returns (uint256) {
        return ConsistencyProof.length(first, second);
    }
}

/// @notice RFC 9162, section 2.1.4.2, against the trees and proofs of the recursive definitions (support/Trees.sol).
contract ConsistencyProofTest is Test, Trees {
    uint64 private constant SIZES = 300;

    /// @dev The roots of the reference tree with which implementations of RFC 6962 are tested, its eight leaves being "", 00, 10,
    /// 2021, 3031, 40414243, 5051525354555657 and 606162636465666768696a6b6c6d6e6f.
    bytes32 private constant ROOT_1 = 0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d;
    bytes32 private constant ROOT_2 = 0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125;
    bytes32 private constant ROOT_5 = 0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4;
    bytes32 private constant ROOT_6 = 0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef;
    bytes32 private constant ROOT_8 = 0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328;

    Verifier private _verifier = new Verifier();

    function test_TheReferenceTree() public view {
        bytes32[] memory proof = new bytes32[](3);
        proof[0] = 0x96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7;
        proof[1] = 0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e;
        proof[2] = 0x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4;
        _leads(1, 8, ROOT_1, ROOT_8, proof);
        proof[0] = 0x0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a;
        proof[1] = 0xca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0;
        proof[2] = 0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7;
        _leads(6, 8, ROOT_6, ROOT_8, proof);
        proof = new bytes32[](2);
        proof[0] = 0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e;
        proof[1] = 0xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b;
        _leads(2, 5, ROOT_2, ROOT_5, proof);
    }

    function test_EveryPairOfSizesUpTo300() public {
        vm.pauseGasMetering();
        Tree memory tree;
        tree.seed = "whole";
        bytes32[] memory roots = new bytes32[](SIZES + 1);
        for (uint64 size = 1; size <= SIZES; ++size) {
            roots[size] = _rootOf(tree, size);
        }
        for (uint64 second = 2; second <= SIZES; ++second) {
            for (uint64 first = 1; first < second; ++first) {
                _leads(first, second, roots[first], roots[second], _proofOf(tree, first, second));
            }
        }
    }

    function test_NoPairOfSizesUpTo64TakesAHashMoreOrLess() public {
        vm.pauseGasMetering();
        Tree memory tree;
        tree.seed = "whole";
        for (uint64 second = 2; second <= 64; ++second) {
            for (uint64 first = 1; first < second; ++first) {
                bytes32[] memory proof = _proofOf(tree, first, second);
                bytes32 root = _rootOf(tree, first);
                assertFalse(_fits(first, second, root, _resized(proof, proof.length + 1)));
                assertFalse(_fits(first, second, root, _resized(proof, proof.length - 1)));
                assertFalse(_fits(first, second, root, new bytes32[](0)));
            }
        }
    }

    function testFuzz_SizesOf64Bits(bytes32 seed, uint64 first, uint64 second) public {
        (first, second) = _sizes(first, second);
        Tree memory tree = _tree(seed, first, second);
        _leads(first, second, _rootOf(tree, first), _rootOf(tree, second), _proofOf(tree, first, second));
    }

    function testFuzz_SizesThatDifferByLittle(bytes32 seed, uint64 first, uint8 more) public {
        first = uint64(bound(first, 1, type(uint64).max - type(uint8).max - 1));
        testFuzz_SizesOf64Bits(seed, first, first + 1 + more);
    }

    function testFuzz_SizesAroundPowersOfTwo(bytes32 seed, uint8 low, uint8 high, bool isAbove, bool isBelow) public {
        uint64 first = uint64(1) << uint64(bound(low, 1, 61));
        uint64 second = uint64(1) << uint64(bound(high, bound(low, 1, 61) + 1, 63));
        testFuzz_SizesOf64Bits(seed, isBelow ? first - 1 : first + 1, isAbove ? second + 1 : second - 1);
        testFuzz_SizesOf64Bits(seed, first, second);
    }

    function testFuzz_NoHashOfAProofIsAltered(
        bytes32 seed,
        uint64 first,
        uint64 second,
        uint256 which,
        uint256 bit
    ) public {
        (first, second) = _sizes(first, second);
        Tree memory tree = _tree(seed, first, second);
        (bytes32 firstRoot, bytes32 secondRoot) = (_rootOf(tree, first), _rootOf(tree, second));
        bytes32[] memory proof = _proofOf(tree, first, second);
        proof[which % proof.length] ^= bytes32(1 << (bit % 256));
        (bytes32 fr, bytes32 sr,) = _verifier.roots(first, second, firstRoot, proof);
        assertFalse(fr == firstRoot && sr == secondRoot);
    }

    function testFuzz_NoTwoHashesOfAProofChangePlaces(bytes32 seed, uint64 first, uint64 second, uint256 which) public {
        (first, second) = _sizes(first, second);
        Tree memory tree = _tree(seed, first, second);
        (bytes32 firstRoot, bytes32 secondRoot) = (_rootOf(tree, first), _rootOf(tree, second));
        bytes32[] memory proof = _proofOf(tree, first, second);
        if (proof.length < 2) return;
        which = which % (proof.length - 1);
        (proof[which], proof[which + 1]) = (proof[which + 1], proof[which]);
        (bytes32 fr, bytes32 sr,) = _verifier.roots(first, second, firstRoot, proof);
        assertFalse(fr == firstRoot && sr == secondRoot);
    }

    function testFuzz_NoOtherTreeIsTheBeginning(bytes32 seed, bytes32 other, uint64 first, uint64 second) public {
        vm.assume(seed != other);
        (first, second) = _sizes(first, second);
        bytes32[] memory proof = _proofOf(_tree(seed, first, second), first, second);
        bytes32 recorded = _rootOf(_tree(other, first, second), first);
        bytes32 root = _rootOf(_tree(seed, first, second), second);
        (bytes32 fr, bytes32 sr,) = _verifier.roots(first, second, recorded, proof);
        assertFalse(fr == recorded && sr == root);
    }

    function testFuzz_NoLengthButTheRightOneFits(uint64 first, uint64 second, uint8 count) public view {
        (first, second) = _sizes(first, second);
        uint256 required = _verifier.length(first, second);
        assertLe(required, 65);
        assertTrue(_fits(first, second, "root", new bytes32[](count % 70)) == (count % 70 == required));
    }

    function _leads(
        uint64 first,
        uint64 second,
        bytes32 firstRoot,
        bytes32 secondRoot,
        bytes32[] memory proof
    ) private view {
        (bytes32 fr, bytes32 sr, bool fits) = _verifier.roots(first, second, firstRoot, proof);
        assertTrue(fits);
        assertEq(fr, firstRoot);
        assertEq(sr, secondRoot);
        assertEq(_verifier.length(first, second), proof.length);
    }

    function _fits(uint64 first, uint64 second, bytes32 root, bytes32[] memory proof) private view returns (bool fits) {
        (,, fits) = _verifier.roots(first, second, root, proof);
    }

    function _resized(bytes32[] memory proof, uint256 length) private pure returns (bytes32[] memory resized) {
        resized = new bytes32[](length);
        for (uint256 i = 0; i < length && i < proof.length; ++i) {
            resized[i] = proof[i];
        }
    }

    function _sizes(uint64 first, uint64 second) private pure returns (uint64, uint64) {
        first = uint64(bound(first, 1, type(uint64).max - 1));
        return (first, uint64(bound(second, uint256(first) + 1, type(uint64).max)));
    }
}
