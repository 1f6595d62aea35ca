/**
 * A session that another window owns, as the controller sees a session: messages in, messages out, over its endpoint. Leaving it
 * changes nothing there.
 */
import * as net from 'node:net';
import { placeOf, WATCH } from '../session/owner';
import { readLines } from '../session/watchers';
import type { FromSession, ToSession } from '../shared/protocol';
import type { SessionThread } from './sessionController';

export function watchThread(owner: string): SessionThread {
  const socket = net.connect(placeOf(owner));
  let hear: (message: FromSession) => void = () => undefined;
  let isGreeted = false;
  // Before anything else, and kept until the connection stands.
  socket.write(`${WATCH}\n`);
  socket.on('error', () => socket.destroy());
  readLines(socket, '', line => {
    // First the owner says who it is.
    if (isGreeted) hear(JSON.parse(line) as FromSession);
    isGreeted = true;
  });
  return {
    post(message: ToSession) {
      if (message.type === 'start') return;
      if (message.type === 'stop' && message.suspended === true) {
        socket.destroy();
        return hear({ type: 'ended', why: 'stopped', text: 'This window does not watch the session any more.' });
      }
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
    },
    onMessage: listener => (hear = listener),
    onExit: listener => socket.once('close', () => listener('The window that runs the session is gone')),
    terminate: () => void socket.destroy(),
  };
}
