/**
 * What a session gets from whoever starts it, and how it says that it is over.
 */
import type { EngineEvent, OrderIntent } from '../engine/events';
import type { FromSession } from '../shared/protocol';
import type { CreatePort } from './connection';

export interface SessionParts {
  createPort: CreatePort;
  emit(message: FromSession): void;
  /** Sees what goes by without touching it: each order as sent, each event as handled. */
  watch?: { placed?(order: OrderIntent): void; handled?(event: EngineEvent): void };
  /** For tests: how long a pause before the next try to connect really lasts. */
  pause?: (ms: number) => number;
  /** For tests: how long a vanished targets file or a stop may take. */
  patienceMs?: number;
}

export interface Ended {
  why: 'stopped' | 'dayOver' | 'failed';
  text: string;
  /** An error nobody expected; starting again recovers. */
  crash?: boolean;
}
