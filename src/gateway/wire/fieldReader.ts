// Reads the fields of one request in order. A field that is missing or malformed reads as absent: a gateway meets clients of
// every age and must answer what it understands.

const unset = new Set([
  '',
  '2147483647',
  '9223372036854775807',
  '1.7976931348623157E308',
  '1.7976931348623157e+308',
  '170141183460469231731687303715884105727',
]);

export class FieldReader {
  private at = 0;

  constructor(private readonly fields: readonly string[]) {}

  text(): string {
    return this.fields[this.at++] ?? '';
  }

  /** A whole number, or `absent` for an empty or unset field. */
  int(absent = 0): number {
    const value = this.number();
    return value === undefined ? absent : Math.trunc(value);
  }

  number(): number | undefined {
    const text = this.text();
    if (unset.has(text)) return undefined;
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }

  bool(): boolean {
    const text = this.text();
    return text === '1' || text === 'true';
  }

  skip(n = 1): void {
    this.at += n;
  }

  /** `count` read from the wire, never more than there are fields left. */
  count(): number {
    return Math.max(0, Math.min(this.int(), this.fields.length - this.at));
  }

  get isAtEnd(): boolean {
    return this.at >= this.fields.length;
  }
}
