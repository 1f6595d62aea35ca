/**
 * Pages over HTTP from VS Code: of the session while one runs here, of its snapshot file while none does. A page that stays open
 * over start and stop goes from the one to the other. It imports no VS Code; questions to a person are handed in.
 */
import { elapsed } from '../reports/format';
import { FRESH_MS } from '../session/snapshotFollower';
import type { Action, FromDashboard, ToDashboard } from '../shared/dashboard';
import type { Watched, WatchingPage, WebSource } from '../web/source';
import { DashboardClient } from './dashboardClient';
import { readIntent } from './dashboardIntents';
import { Owner } from './emitter';
import type { SessionController } from './sessionController';
import { LOOK_ONLY, type SnapshotPages } from './snapshotPages';

export interface WebPagesParts {
  readonly controller: SessionController;
  /** While no session runs here. */
  readonly file: SnapshotPages;
  readonly ask: (action: Action, symbol?: string) => void;
  readonly now: () => number;
}

const EVERY_MS = 100;

export class WebPages extends Owner implements WebSource {
  private heardAt = 0;
  private nPages = 0;

  constructor(private readonly parts: WebPagesParts) {
    super();
    this.heardAt = parts.now();
    this.own(parts.controller.onSnapshot(() => (this.heardAt = parts.now())));
  }

  snapshot(): { text: string } | { reason: string } {
    const { controller, file } = this.parts;
    if (!controller.isRunning) return file.snapshot();
    if (controller.snapshot === null) return { reason: STARTING };
    return { text: JSON.stringify(controller.snapshot) };
  }

  staleBecause(): string | null {
    const { controller, file, now } = this.parts;
    if (!controller.isRunning) return file.staleBecause();
    if (controller.snapshot === null) return STARTING;
    const age = now() - this.heardAt;
    return age <= FRESH_MS ? null : `The session has not been heard for ${elapsed(age)}`;
  }

  watch(page: WatchingPage): Watched {
    const { controller, file } = this.parts;
    const name = `web.${++this.nPages}`;
    let open: FromDashboard | null = null;
    let isOfSession = controller.isRunning;
    const begin = (): Watched => (isOfSession ? this.ofSession(name, page) : file.watch(page));
    let watched = begin();
    const listener = controller.onState(() => {
      if (controller.isRunning === isOfSession) return;
      isOfSession = controller.isRunning;
      watched.close();
      watched = begin();
      if (open !== null) watched.hear(open);
    });
    return {
      hear: asked => {
        const intent = readIntent(asked);
        if (intent?.type === 'open') open = intent;
        watched.hear(asked);
      },
      close: () => {
        listener.dispose();
        watched.close();
      },
    };
  }

  private ofSession(name: string, page: WatchingPage): Watched {
    const { controller, ask } = this.parts;
    const client = new DashboardClient({
      name,
      controller,
      intervalMs: EVERY_MS,
      can: () =>
        page.mayChange
          ? { act: true, adjust: true, edit: false, asks: controller.snapshot?.mode === 'LIVE' ? 'home' : 'page' }
          : LOOK_ONLY,
      send: message => page.send(JSON.stringify(message), kindOf(message)),
      ask,
      idleText: () => '',
    });
    client.hear({ type: 'ready' });
    return { hear: asked => client.hear(asked), close: () => client.dispose() };
  }
}

const STARTING = 'The session is starting and has said nothing yet';

/** An answer is one of many; of everything else only the newest counts. */
const kindOf = (message: ToDashboard): string | null =>
  message.type === 'answer' || message.type === 'preview' ? null : message.type;
