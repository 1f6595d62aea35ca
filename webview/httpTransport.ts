/**
 * The page's way to its home over HTTP: messages come as server-sent events, intents go as requests. A line that breaks or falls
 * silent is taken up again quietly, first soon, then less often, and at once when the person looks again; meanwhile the page
 * says that it is reconnecting, or that its link has expired where the server answers and no longer knows the token. It shows
 * nothing itself and formats nothing.
 */
import type { FromDashboard, ToDashboard } from '../src/shared/dashboard';
import type { Transport } from './transport';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10_000;
const HEALTH_MS = 5000;
/** A token that is not known does not become known by asking often. */
const EXPIRED_RETRY_MS = 60_000;
/** The server is heard every five seconds, if only with a beat. */
const SILENT_MS = 15_000;
const STORED = 'dronebot.dashboard';

type Asking = Extract<FromDashboard, { id: number }>;

export function httpTransport(): Transport {
  return new HttpTransport();
}

class HttpTransport implements Transport {
  private readonly token = new URLSearchParams(location.search).get('token') ?? '';
  private readonly name = [...crypto.getRandomValues(new Uint8Array(16))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('');
  private readonly asked = new Set<number>();
  private listener: (message: ToDashboard) => void = () => undefined;
  private stream: EventSource | null = null;
  private isUp = false;
  private retryMs = FIRST_RETRY_MS;
  private retry: number | undefined;
  private silence: number | undefined;
  /** Said again after each reconnect: the server forgets a page whose line is gone. */
  private open: FromDashboard | null = null;

  listen(listener: (message: ToDashboard) => void): void {
    this.listener = listener;
    const again = () => {
      if (!document.hidden && !this.isUp) void this.again();
    };
    document.addEventListener('visibilitychange', again);
    window.addEventListener('online', again);
    // A page that comes back out of the browser's cache has a line that is long dead.
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.connect());
    this.connect();
  }

  send(message: FromDashboard): void {
    // Who watches is sent everything: there is nothing to be ready for.
    if (message.type === 'ready') return;
    if (message.type === 'open') this.open = message;
    if ('id' in message) this.asked.add(message.id);
    if (this.isUp) void this.post(message);
    else if ('id' in message) this.refuse(message, 'There is no line to Dronebot, so nothing was changed');
    else if (message.type === 'refresh') void this.again();
  }

  load(): unknown {
    try {
      return JSON.parse(localStorage.getItem(STORED) ?? 'null') as unknown;
    } catch {
      return null;
    }
  }

  save(arranged: unknown): void {
    try {
      localStorage.setItem(STORED, JSON.stringify(arranged));
    } catch {
      // A browser that keeps nothing shows the page as it comes.
    }
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.stream?.close();
    const stream = new EventSource(this.url('events', { page: this.name }));
    this.stream = stream;
    stream.onopen = () => this.opened();
    stream.onerror = () => this.lost();
    stream.onmessage = ({ data }: MessageEvent<string>) => this.hear(data);
    stream.addEventListener('beat', () => this.heard());
    this.heard();
  }

  private opened(): void {
    this.isUp = true;
    this.retryMs = FIRST_RETRY_MS;
    this.listener({ type: 'connection', state: 'up' });
    if (this.open !== null) void this.post(this.open);
  }

  private lost(): void {
    this.stream?.close();
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.isUp = false;
    this.listener({ type: 'connection', state: 'reconnecting' });
    for (const id of [...this.asked]) {
      const text = 'The line broke before the answer came: what is shown when it is back is in force';
      this.answered({ type: 'answer', id, outcome: 'refused', text });
    }
    this.retrySoon(this.retryMs);
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
  }

  private retrySoon(afterMs: number): void {
    clearTimeout(this.retry);
    this.retry = window.setTimeout(() => void this.again(), afterMs);
  }

  /** A stream that is refused does not say why, so that is asked first. */
  private async again(): Promise<void> {
    const isExpired = await this.isRefused();
    if (this.isUp) return;
    if (!isExpired) return this.connect();
    this.listener({ type: 'connection', state: 'expired' });
    this.retrySoon(EXPIRED_RETRY_MS);
  }

  private async isRefused(): Promise<boolean> {
    try {
      const { status } = await fetch(this.url('healthz', {}), { signal: AbortSignal.timeout(HEALTH_MS) });
      return status === 401 || status === 403;
    } catch {
      return false; // Nobody answers, which may pass.
    }
  }

  private hear(data: string): void {
    this.heard();
    const message = JSON.parse(data) as ToDashboard;
    if (message.type === 'answer' || message.type === 'preview') this.asked.delete(message.id);
    this.listener(message);
  }

  private heard(): void {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.lost(), SILENT_MS);
  }

  private async post(intent: FromDashboard): Promise<void> {
    try {
      const response = await fetch(this.url('intent', {}), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ page: this.name, intent }),
      });
      if (!response.ok && 'id' in intent) this.refuse(intent, `Dronebot refused it: ${await response.text()}`);
    } catch {
      if ('id' in intent) this.refuse(intent, 'Dronebot could not be reached, so nothing was changed');
    }
  }

  private refuse(intent: Asking, text: string): void {
    if (intent.type === 'preview') this.answered({ type: 'preview', id: intent.id, preview: null });
    else this.answered({ type: 'answer', id: intent.id, outcome: 'refused', text });
  }

  private answered(message: Extract<ToDashboard, { id: number }>): void {
    if (this.asked.delete(message.id)) this.listener(message);
  }

  /** Relative to the page, which may be served under a path of a tunnel. */
  private url(path: string, query: Readonly<Record<string, string>>): string {
    const all = { ...query, ...(this.token === '' ? {} : { token: this.token }) };
    const text = new URLSearchParams(all).toString();
    return text === '' ? path : `${path}?${text}`;
  }
}
