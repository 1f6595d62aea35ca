/**
 * What a view asks a running session for, and what it is answered: overrides, previews of the ladder, and a person's answer to
 * a question. It passes on; ranges are checked by the overrides file, prices come from the engine.
 */
import type { FromSession, ToSession } from '../shared/protocol';
import type { Running } from './running';

export type Request = Extract<ToSession, { type: 'override' | 'preview' | 'answer' }>;

export function answerRequest(request: Request, running: Running | null, emit: (message: FromSession) => void): void {
  switch (request.type) {
    case 'override': {
      const { id, symbol } = request;
      const answer =
        running === null
          ? { outcome: 'refused' as const, text: 'The session has not begun yet' }
          : running.files.overrides.set(symbol, request);
      if (id !== undefined) emit({ type: 'overrideAnswer', id, ...answer });
      return;
    }
    case 'preview': {
      const preview = running?.engine.preview(request.symbol, request.side, request.value) ?? null;
      return emit({ type: 'preview', id: request.id, preview });
    }
    case 'answer':
      running?.questions.answer(request.id, request.yes);
      return;
  }
}
