/**
 * A list of listeners and a way to call them, in the shape of VS Code's events but without importing it, so that what only
 * passes messages on can be tested without an editor. A listener that throws does not keep the others from hearing.
 */

export interface Disposable {
  dispose(): void;
}

export type Event<T> = (listener: (value: T) => void) => Disposable;

export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  constructor(private readonly onError: (error: unknown) => void = () => undefined) {}

  readonly event: Event<T> = listener => {
    // A wrapper of its own, so that the same function can listen twice.
    const own = (value: T) => listener(value);
    this.listeners.add(own);
    return { dispose: () => this.listeners.delete(own) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.onError(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}

/** Owns what it is given and lets go of it in reverse order. */
export class Owner implements Disposable {
  private readonly owned: Disposable[] = [];

  own<T extends Disposable>(part: T): T {
    this.owned.push(part);
    return part;
  }

  dispose(): void {
    for (const part of this.owned.splice(0).reverse()) part.dispose();
  }
}
