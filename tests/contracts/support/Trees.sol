// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A Merkle tree of any size, of which only what its proofs touch is ever hashed.
/// @param seed What its leaves and opaque subtrees are drawn from.
/// @param cuts The sizes at which it is looked at. A complete subtree that none of them cuts is a random hash; with no cuts
/// at all, only the leaves are.
struct Tree {
    bytes32 seed;
    uint64[] cuts;
}

/// @notice Roots and proofs by the recursive definitions of RFC 9162 (sections 2.1.1 and 2.1.4.1), apart from the contracts.
abstract contract Trees {
    mapping(bytes32 seed => mapping(uint64 start => mapping(uint64 size => bytes32))) private _known;

    /// @dev MTH(D[0:size]).
    function _rootOf(Tree memory tree, uint64 size) internal returns (bytes32) {
        return _hash(tree, 0, size);
    }

    /// @dev PROOF(m, D_n): SUBPROOF(m, D_n, true).
    function _proofOf(Tree memory tree, uint64 m, uint64 n) internal returns (bytes32[] memory) {
        return _subproof(tree, 0, m, n, true);
    }

    function _tree(bytes32 seed, uint64 first, uint64 second) internal pure returns (Tree memory tree) {
        tree.seed = seed;
        tree.cuts = new uint64[](2);
        (tree.cuts[0], tree.cuts[1]) = (first, second);
    }

    function _hash(Tree memory tree, uint64 start, uint64 n) private returns (bytes32 hash) {
        if (_isOpaque(tree, start, n)) return keccak256(abi.encode(tree.seed, start, n));
        bool isKept = tree.cuts.length == 0;
        if (isKept && _known[tree.seed][start][n] != 0) return _known[tree.seed][start][n];
        uint64 k = _split(n);
        hash = sha256(bytes.concat(hex"01", _hash(tree, start, k), _hash(tree, start + k, n - k)));
        if (isKept) _known[tree.seed][start][n] = hash;
    }

    function _subproof(
        Tree memory tree,
        uint64 start,
        uint64 m,
        uint64 n,
        bool isFirst
    ) private returns (bytes32[] memory proof) {
        if (m == n) {
            if (isFirst) return proof;
            return _append(proof, _hash(tree, start, m));
        }
        uint64 k = _split(n);
        if (m <= k) return _append(_subproof(tree, start, m, k, isFirst), _hash(tree, start + k, n - k));
        return _append(_subproof(tree, start + k, m - k, n - k, false), _hash(tree, start, k));
    }

    /// @dev The largest power of two smaller than n.
    function _split(uint64 n) private pure returns (uint64 k) {
        k = 1;
        while (n - k > k) k <<= 1;
    }

    function _isOpaque(Tree memory tree, uint64 start, uint64 n) private pure returns (bool) {
        if (n == 1) return true;
        if (tree.cuts.length == 0 || n & (n - 1) != 0) return false;
        for (uint256 i = 0; i < tree.cuts.length; ++i) {
            if (start < tree.cuts[i] && tree.cuts[i] < start + n) return false;
        }
        return true;
    }

    function _append(bytes32[] memory list, bytes32 last) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = last;
    }
}
