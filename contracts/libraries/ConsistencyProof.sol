// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title That one Merkle tree is the beginning of another
/// @notice The verification of RFC 9162, section 2.1.4.2, over the node hashes of RFC 6962. Names and numbers are the RFC's; its
/// step 6 stands here in two loops, for the levels below and above the one at which the two trees' right edges meet.
library ConsistencyProof {
    /// @notice The roots that a proof leads to, to be compared with those that are known.
    /// @param first The size of the smaller tree; not 0.
    /// @param second The size of the larger tree; larger than `first`.
    /// @param firstRoot The root of the smaller tree: where that is a complete one, the proof leaves it out.
    /// @param proof The hashes of subtrees, in the RFC's order.
    /// @return fr The root of the smaller tree.
    /// @return sr The root of the larger tree.
    /// @return fits Whether the proof has as many hashes as the sizes need; if not, the roots mean nothing.
    function roots(
        uint64 first,
        uint64 second,
        bytes32 firstRoot,
        bytes32[] calldata proof
    ) internal view returns (bytes32 fr, bytes32 sr, bool fits) {
        unchecked {
            // 1 to 5. Where the smaller tree is complete it is its own first subtree.
            uint256 next = 0;
            fr = firstRoot;
            if (first & (first - 1) != 0) {
                if (proof.length == 0) return (fr, sr, false);
                fr = proof[next++];
            }
            sr = fr;
            (uint256 fn, uint256 sn) = (first - 1, second - 1);
            while (fn & 1 == 1) (fn, sn) = (fn >> 1, sn >> 1);
            // 6. Below: at each level something stands to the left in both trees, or to the right in the larger one.
            for (; fn != sn; (fn, sn) = (fn >> 1, sn >> 1)) {
                if (next == proof.length) return (fr, sr, false);
                bytes32 c = proof[next++];
                if (fn & 1 == 1) (fr, sr) = (_node(c, fr), _node(c, sr));
                else sr = _node(sr, c);
            }
            // 6. Above: what stands to the left stands there in both.
            for (; fn != 0; fn >>= 1) {
                if (fn & 1 == 0) continue;
                if (next == proof.length) return (fr, sr, false);
                bytes32 c = proof[next++];
                (fr, sr) = (_node(c, fr), _node(c, sr));
            }
            // 7.
            fits = next == proof.length;
        }
    }

    /// @notice How many hashes a proof has between trees of these sizes.
    /// @param first The size of the smaller tree; not 0.
    /// @param second The size of the larger tree; larger than `first`.
    function length(uint64 first, uint64 second) internal pure returns (uint256 count) {
        if (first & (first - 1) != 0) ++count;
        (uint256 fn, uint256 sn) = (first - 1, second - 1);
        while (fn & 1 == 1) (fn, sn) = (fn >> 1, sn >> 1);
        for (; sn != 0; (fn, sn) = (fn >> 1, sn >> 1)) {
            if (fn != sn || fn & 1 == 1) ++count;
        }
    }

    /// @dev RFC 6962, section 2.1: sha256(abi.encodePacked(bytes1(0x01), left, right)). Hashed where memory is free, which is
    /// not taken: as that expression the longest proof between sizes up to 2^16 costs 13,000 gas more.
    function _node(bytes32 left, bytes32 right) private view returns (bytes32 node) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 0x01)
            mstore(add(free, 0x01), left)
            mstore(add(free, 0x21), right)
            if iszero(staticcall(gas(), 0x02, free, 0x41, 0x00, 0x20)) { revert(0, 0) }
            node := mload(0x00)
        }
    }
}
