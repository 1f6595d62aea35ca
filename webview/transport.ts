/**
 * How the page reaches its home: messages of VS Code in a panel, or whatever an HTTP home brings along. The rest of the page
 * knows only this interface, so that the same bundle runs in both.
 */
import type { FromDashboard, ToDashboard } from '../src/shared/dashboard';

/** What a person has arranged; kept over hiding, moving and reloading. */
export interface Transport {
  send(message: FromDashboard): void;
  /** Called once; `connection` messages are the transport's own. */
  listen(listener: (message: ToDashboard) => void): void;
  load(): unknown;
  save(arranged: unknown): void;
}

interface VsCodeApi {
  postMessage(message: FromDashboard): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare const acquireVsCodeApi: (() => VsCodeApi) | undefined;

/** Null outside VS Code. */
export function vsCodeTransport(): Transport | null {
  if (typeof acquireVsCodeApi === 'undefined') return null;
  const api = acquireVsCodeApi();
  return {
    send: message => api.postMessage(message),
    listen: listener => window.addEventListener('message', ({ data }: MessageEvent<ToDashboard>) => listener(data)),
    load: () => api.getState(),
    save: arranged => api.setState(arranged),
  };
}
