/** The first sixteen bytes as a UUID of that version: 4 for random ones, 8 for others (RFC 9562 §5.4, §5.8). */
export function uuidText(given: Uint8Array, version: 4 | 8): string {
  const bytes = Buffer.from(given.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
