// How bytes leave a connection on a bad line: as they are, a few at a time, torn in two, or gathered into one write. Their
// order never changes, and what a shape still holds when it is lifted leaves at once.

export type Shape =
  | { readonly kind: 'pieces'; readonly bytes: number; readonly everyMs: number }
  | { readonly kind: 'torn' }
  | { readonly kind: 'gathered'; readonly everyMs: number };

const tornMs = 5;

export class Shaper {
  private shape: Shape | undefined;
  private held: Buffer[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly write: (bytes: Buffer) => void) {}

  get heldBytes(): number {
    return this.held.reduce((sum, one) => sum + one.length, 0);
  }

  set(shape: Shape | undefined): void {
    this.shape = shape;
    if (shape === undefined) this.release();
  }

  push(bytes: Buffer): void {
    if (this.shape === undefined && this.held.length === 0) return this.write(bytes);
    this.held.push(bytes);
    if (this.timer) return;
    if (this.shape?.kind === 'gathered') this.wait(this.shape.everyMs);
    else this.turn();
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.held = [];
  }

  /** Everything held leaves now. */
  release(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const rest = Buffer.concat(this.held);
    this.held = [];
    if (rest.length > 0) this.write(rest);
  }

  private turn(): void {
    this.timer = undefined;
    const { shape } = this;
    if (!shape || shape.kind === 'gathered') return this.release();
    const all = Buffer.concat(this.held);
    if (all.length === 0) return;
    // A tear goes through the middle of what is there; the rest of it is not torn again.
    const length = shape.kind === 'pieces' ? shape.bytes : Math.ceil(all.length / 2);
    this.held = length < all.length ? [all.subarray(length)] : [];
    this.write(all.subarray(0, length));
    if (this.held.length === 0) return;
    this.wait(shape.kind === 'pieces' ? shape.everyMs : tornMs);
  }

  private wait(ms: number): void {
    this.timer = setTimeout(() => {
      if (this.shape?.kind === 'pieces') this.turn();
      else this.release();
    }, ms);
    this.timer.unref();
  }
}
