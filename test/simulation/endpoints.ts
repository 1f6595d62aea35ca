/**
 * Local endpoints in memory, with the calls that a session makes of `node:net`: enough to hold a name, to be asked who holds
 * it, and to lose it with the process.
 */
interface Listener {
  owner: object;
  greet: (socket: { on(): void; destroy(): void; end(text: string): void }) => void;
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
        const end = (text: string): void => {
          handlers.get('data')?.(Buffer.from(text));
          handlers.get('end')?.();
        };
        listener.greet({ on: () => undefined, destroy: () => undefined, end });
      });
      return socket;
    },
  };
}
