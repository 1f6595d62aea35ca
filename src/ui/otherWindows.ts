/**
 * Sessions of this person that other windows run, as they say themselves and as their endpoints confirm.
 */
import { isHeld } from '../session/owner';
import { saidToRun, userFolder, type SessionFacts } from '../session/userPlace';

export async function sessionsElsewhere(isMeant: (facts: SessionFacts) => boolean): Promise<SessionFacts[]> {
  const running: SessionFacts[] = [];
  for (const facts of saidToRun(userFolder()))
    if (facts.pid !== process.pid && isMeant(facts) && (await isHeld(facts.owner))) running.push(facts);
  return running;
}
