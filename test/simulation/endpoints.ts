/**
 * Local endpoints in memory, with the calls that a session makes of `node:net`: enough to hold a name, to be asked who holds
 * it, and to lose it with the process.
 */
/** The listening side of a connection: what it writes arrives, what it would hear never comes. */
interface Greeted {
  on(): void;
  once(): void;
  off(): void;
  setTimeout(): void;
  destroy(): void;
  write(text: string): void;
  end(text?: string): void;
}

interface Listener {
  owner: object;
  greet: (socket: Greeted) => void;
}

export class Endpoints {
  private readonly listeners = new Map<string, Listener>();
  /** Whoever runs now. */
  owner: object | null = null;

  /** The names of a process end with it. */
  release(owner: object): void {
    for (const [place, listener] of this.listeners) if (listener.owner === owner) this.listeners.delete(place);
  }

  /** In place of `node:net`. */
  readonly net = {
    createServer: (greet: Listener['greet']) => {
      let onError: (error: NodeJS.ErrnoException) => void = () => undefined;
      let held = '';
      const server = {
        once: (_event: string, run: typeof onError) => (onError = run),
        unref: () => server,
        listen: (place: string, done: () => void) => {
          queueMicrotask(() => {
            const { owner } = this;
            if (owner === null) return;
            if (this.listeners.has(place)) return onError(Object.assign(new Error('taken'), { code: 'EADDRINUSE' }));
            this.listeners.set(place, { owner, greet });
            held = place;
            done();
          });
        },
        close: (done: () => void) => {
          this.listeners.delete(held);
          queueMicrotask(done);
        },
      };
      return server;
    },
    connect: (place: string) => {
      const handlers = new Map<string, (given?: unknown) => void>();
      const socket = {
        setTimeout: () => undefined,
        destroy: () => undefined,
        on: (event: string, run: (given?: unknown) => void) => void handlers.set(event, run),
      };
      queueMicrotask(() => {
        const listener = this.listeners.get(place);
        if (listener === undefined) return handlers.get('error')?.(new Error('nobody listens'));
        const nothing = (): void => undefined;
        const write = (text: string): void => handlers.get('data')?.(Buffer.from(text));
        const end = (text = ''): void => {
          if (text !== '') write(text);
          handlers.get('end')?.();
        };
        listener.greet({ on: nothing, once: nothing, off: nothing, setTimeout: nothing, destroy: nothing, write, end });
      });
      return socket;
    },
  };
}
