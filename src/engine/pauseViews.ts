/**
 * What keeps a symbol from being traded or its buys from going, for the surfaces: a short reason, and the facts behind a pause.
 */
import type { SymbolBook } from '../strategy/book';
import type { PauseView } from '../shared/protocol';

export function pauseOf(book: SymbolBook): PauseView | null {
  const { paused, lastReject, reported } = book;
  if (paused === null && !book.isPausedByPerson) return null;
  return {
    by: paused ?? 'you',
    lastReject: paused === 'rejects' ? lastReject : null,
    reported: Number.isFinite(reported) ? reported : null,
    explained: book.explained,
  };
}

export function reasonOf(book: SymbolBook): string {
  if (book.failed) return `${book.failed.text} (code ${book.failed.code})`;
  switch (book.paused) {
    case 'rejects':
      return `${book.rejects} rejects`;
    case 'difference':
      return 'the broker reported fewer shares';
    case 'unexplained':
      return 'shares that the journal does not explain';
    case 'short':
      return 'a short position at the broker';
    case null:
      return book.isPausedByPerson ? 'paused by you' : '';
  }
}
