/**
 * A message's fields as the bytes of one frame. It stands in for the client library's own writer, which makes each byte an
 * element of an array and copies that four times; the bytes are the same.
 */
export function frameOf(fields: readonly unknown[]): Buffer {
  let text = '';
  for (const field of fields) {
    if (Array.isArray(field)) return frameOf(fields.flat(Infinity));
    text += `${fieldText(field)}\0`;
  }
  return framed(text);
}

export function fieldText(field: unknown): string {
  if (typeof field === 'boolean') return field ? '1' : '0';
  return field === undefined || field === null ? '' : `${field as string | number}`;
}

/** The text of all fields, each closed by NUL, behind its length in bytes. */
export function framed(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32BE(length);
  frame.write(text, 4);
  return frame;
}
