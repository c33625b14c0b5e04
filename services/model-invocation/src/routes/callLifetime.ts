import type { FastifyReply } from 'fastify';
import { Cancellation } from '../domain/Cancellation';

/** A cancellation that happens when the caller hangs up before the answer is out. */
export function cancelOnHangUp(reply: FastifyReply): Cancellation {
  const cancellation = new Cancellation();
  const { raw } = reply;
  raw.once('close', () => {
    if (!raw.writableFinished) cancellation.cancel();
  });
  return cancellation;
}
