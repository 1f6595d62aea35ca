/**
 * What the HTTP server is handed: somewhere to look, and somebody to ask for a change. It knows neither VS Code nor a session;
 * whether the messages come from a running session or from a file is the source's affair.
 */

/** A page that watches, as the source sees it. */
export interface WatchingPage {
  /** Its address has the token, and this server takes changes. */
  readonly mayChange: boolean;
  /**
   * A message, JSON on one line. Of a kind only the newest counts: a page behind a slow line never gets an older one. Without a
   * kind it is an answer and comes for certain.
   */
  send(json: string, kind: string | null): void;
}

export interface Watched {
  /** What the page asks for, as it came: it is checked like any stranger's input. */
  hear(asked: unknown): void;
  close(): void;
}

export interface WebSource {
  /** The newest snapshot as JSON, or why there is none. */
  snapshot(): { readonly text: string } | { readonly reason: string };
  /** Null while the newest snapshot is fresh, else what is the matter. */
  staleBecause(): string | null;
  /** Sends what there is at once, then what changes, until it is closed. */
  watch(page: WatchingPage): Watched;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Takes a change of a program: `{symbol, buy_pct, sell_pct}`, as it came. */
export type Adjust = (asked: unknown) => Promise<Answer>;

/** A file that is served under a path of its own. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

/** What our answers say of us: a second window tells by it who has the port. */
export const SERVER_NAME = 'Dronebot';
