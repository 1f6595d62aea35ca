/**
 * The private parts of the client library that this room has to reach: its socket, its command buffer's limiter and its
 * decoder. Named in one place and checked when a connection is made, so that a new version of the library fails loudly at
 * once and not silently at the first order.
 */
import type { Socket } from 'node:net';
import { IBApi } from '@stoqey/ib';
import { patchDecoder } from './decoderPatch';
import { frameOf } from './frameWriter';
import { OrderFrames } from './orderFrames';

export interface LibrarySocket {
  client?: Socket;
  onData(data: Buffer): void;
  onMessage(text: string): void;
  send(tokens: unknown[]): void;
}

export interface LibraryController {
  socket: LibrarySocket;
  decoder: object;
  rateLimiter(tokens: unknown[]): void;
}

export interface Library {
  api: IBApi;
  socket: LibrarySocket;
  /** Decodes the text of one frame, closed by NUL, and tells whoever listens. */
  hear(text: string): void;
  readonly orderFrames: OrderFrames;
  write(frame: Buffer): void;
  /** How many requests were handed to the socket. */
  written(): number;
  /** False: the library's decoder is not the one known here, and works as published: slow on long answers. */
  decoderPatched: boolean;
}

/**
 * A fresh client, never used for a second connection: requests that an old one held back would go out on the new one. All
 * settings are passed, so the library has no reason to read `.env` files or the environment.
 */
export function createLibrary(host: string, port: number, clientId: number): Library {
  const api = new IBApi({ host, port, clientId, maxReqPerSec: 5000 });
  const controller = (api as unknown as { controller?: LibraryController }).controller;
  if (!hasExpectedParts(controller))
    throw new Error('The client library is not the version that Dronebot was built for');
  const { socket, decoder } = controller;
  let written = 0;
  let caught: unknown[] | null = null;
  let isCatching = false;
  // The library's limiter sends later, in one row for all, and on whatever connection there is by then. lanes.ts paces.
  controller.rateLimiter = tokens => {
    if (isCatching) return void (caught = tokens);
    if (typeof tokens[0] === 'number') write(frameOf(tokens));
    else socket.send(tokens);
    written++;
  };
  const orderFrames = new OrderFrames((orderId, contract, order) => {
    isCatching = true;
    caught = null;
    try {
      api.placeOrder(orderId, contract, order);
    } finally {
      isCatching = false;
    }
    if (caught === null) throw new Error('The client library did not send a request');
    return caught;
  });
  const write = (frame: Buffer): void => {
    if (socket.client === undefined) throw new Error('There is no socket to write to');
    socket.client.write(frame);
  };
  const decoderPatched = patchDecoder(decoder);
  // The library's way to its decoder tells everybody of each message twice before, with two copies of its fields.
  const hear = (text: string): void => {
    if (!decoderPatched || api.serverVersion === 0) return socket.onMessage(text);
    const tokens = text.split('\0');
    tokens.pop();
    decoder.enqueueMessage(tokens);
    decoder.process();
  };
  return { api, socket, hear, orderFrames, write, written: () => written, decoderPatched };
}

function hasExpectedParts(controller: LibraryController | undefined): controller is LibraryController {
  return (
    typeof controller?.rateLimiter === 'function' &&
    typeof controller.decoder === 'object' &&
    typeof controller.socket?.onData === 'function' &&
    typeof controller.socket.onMessage === 'function' &&
    typeof controller.socket.send === 'function'
  );
}
