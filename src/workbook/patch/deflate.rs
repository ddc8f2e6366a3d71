//! Packing a part: deflate of a row of slices.

use super::archive::Packed;
use crate::workbook::refusal::{Cause, Refusal};
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

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
