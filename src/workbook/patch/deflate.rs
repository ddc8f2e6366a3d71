//! Packing a part: deflate of a row of slices, and the proof that what was packed unpacks to the same bytes.

use super::archive::Packed;
use crate::workbook::refusal::{Cause, Refusal};
use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress, Status};

/// Bytes inflated at a time while proving.
const PROOF_STEP: usize = 64 << 10;
/// Room that is made at a time for deflated bytes.
const ROOM: usize = 256 << 10;

/// Deflates the slices one after another.
pub fn pack(pieces: &[&[u8]], level: u32) -> Result<Packed, Refusal> {
    let broken = || Refusal::whole(Cause::NotConfirmed);
    let mut stream = Compress::new(Compression::new(level), false);
    let mut bytes = Vec::new();
    let mut crc = Crc::new();
    for piece in pieces {
        crc.update(piece);
        let start = stream.total_in();
        loop {
            let done = usize::try_from(stream.total_in().saturating_sub(start)).map_err(|_| broken())?;
            let Some(left) = piece.get(done..).filter(|left| !left.is_empty()) else { break };
            bytes.reserve(ROOM.min(left.len().saturating_add(64)));
            stream.compress_vec(left, &mut bytes, FlushCompress::None).map_err(|_| broken())?;
        }
    }
    loop {
        bytes.reserve(1_024);
        if stream.compress_vec(&[], &mut bytes, FlushCompress::Finish).map_err(|_| broken())? == Status::StreamEnd {
            break;
        }
    }
    let size = usize::try_from(stream.total_in()).map_err(|_| broken())?;
    Ok(Packed { bytes, crc: crc.sum(), size })
}

/// Whether the stream inflates to exactly these slices.
pub fn proves(packed: &[u8], pieces: &[&[u8]]) -> bool {
    let mut stream = Decompress::new(false);
    let mut buffer = Vec::with_capacity(PROOF_STEP);
    let mut expected = pieces.iter().copied();
    let mut current: &[u8] = &[];
    loop {
        buffer.clear();
        let (before_in, before_out) = (stream.total_in(), stream.total_out());
        let Some(input) = usize::try_from(before_in).ok().and_then(|at| packed.get(at..)) else { return false };
        let Ok(status) = stream.decompress_vec(input, &mut buffer, FlushDecompress::None) else { return false };
        let mut got = buffer.as_slice();
        while !got.is_empty() {
            if current.is_empty() {
                match expected.next() {
                    Some(piece) => current = piece,
                    None => return false,
                }
                continue;
            }
            let len = got.len().min(current.len());
            let (Some((a, more_got)), Some((b, more))) = (got.split_at_checked(len), current.split_at_checked(len))
            else {
                return false;
            };
            if a != b {
                return false;
            }
            (got, current) = (more_got, more);
        }
        if status == Status::StreamEnd {
            return current.is_empty() && expected.all(<[u8]>::is_empty);
        }
        if stream.total_in() == before_in && stream.total_out() == before_out {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_part_is_proved_and_a_changed_one_is_not() {
        let long: Vec<u8> =
            (0..300_000_u32).flat_map(|n| (n.wrapping_mul(2_654_435_761) >> 20).to_le_bytes()).collect();
        let pieces: [&[u8]; 3] = [b"<a>", &long, b"</a>"];
        let packed = pack(&pieces, 1).unwrap();
        assert_eq!(packed.size, long.len() + 7);
        assert!(proves(&packed.bytes, &pieces));
        assert!(!proves(&packed.bytes, &[b"<a>", &long, b"</b>"]), "another ending");
        assert!(!proves(&packed.bytes, &[b"<a>", &long]), "shorter");
        assert!(!proves(&packed.bytes, &[b"<a>", &long, b"</a>", b"x"]), "longer");
        assert!(!proves(&packed.bytes[..packed.bytes.len() - 3], &pieces), "cut off");
    }
}
