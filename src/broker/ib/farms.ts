/**
 * Keeps which of IB's data farms, and whether its link to the gateway, are broken, and says when that changes. Only market data
 * and the link make a session blind; a broken history or security farm delays answers and is only logged.
 */
import { farmOf, meaningOf } from './codes';
import type { Desk } from './desk';

export class Farms {
  private readonly broken = new Set<string>();
  private isLinkBroken = false;
  private lastFault = { code: 0, text: '' };
  private farmFault = { code: 0, text: '' };

  constructor(
    private readonly desk: Desk,
    private readonly restored: (dataLost: boolean) => void,
  ) {}

  /** Between gateway and IB: without it nothing that is sent gets anywhere. */
  get linkIsBroken(): boolean {
    return this.isLinkBroken;
  }

  /** Says once more what is broken now: a fault told while connecting came before the session's books knew of a connection. */
  repeat(): void {
    if (this.isLinkBroken || this.broken.size > 0) this.tell(false, this.lastFault.code, this.lastFault.text);
  }

  /** True when the message was news of a farm or of the link. */
  hear(code: number, text: string): boolean {
    switch (meaningOf(code)) {
      case 'linkBroken':
        this.isLinkBroken = true;
        this.tell(false, code, text);
        return true;
      case 'linkRestoredDataLost':
      case 'linkRestored':
        this.restore(code, text, meaningOf(code) === 'linkRestoredDataLost');
        return true;
      case 'marketFarmBroken':
        this.broken.add(farmOf(text));
        this.farmFault = { code, text };
        this.tell(false, code, text);
        return true;
      case 'marketFarmOk':
        this.farmOk(code, text);
        return true;
      case 'historyFarmBroken':
      case 'securityFarmBroken':
        this.desk.log('warn', `${text} (${code})`);
        return true;
      case 'historyFarmOk':
      case 'securityFarmOk':
      case 'idle':
        this.desk.log('debug', `${text} (${code})`);
        return true;
      default:
        return false;
    }
  }

  private farmOk(code: number, text: string): void {
    this.desk.log('debug', `${text} (${code})`);
    const wasBroken = this.broken.delete(farmOf(text));
    // 2110 promises to restore itself, and does not always say when it has.
    if (this.isLinkBroken) this.restore(code, text, false);
    else if (wasBroken && this.broken.size === 0) this.tell(true, code, text);
  }

  private restore(code: number, text: string, dataLost: boolean): void {
    this.isLinkBroken = false;
    if (/all data farms are connected/i.test(text)) this.broken.clear();
    // A farm that is broken still is told as what it is, so that nobody thinks the link were.
    if (this.broken.size === 0) this.tell(true, code, text);
    else this.tell(false, this.farmFault.code, this.farmFault.text);
    this.restored(dataLost);
  }

  private tell(up: boolean, code: number, text: string): void {
    if (!up) this.lastFault = { code, text };
    this.desk.engine({
      t: this.desk.now(),
      type: 'farm',
      up,
      ...(this.isLinkBroken ? { link: true } : {}),
      code,
      text,
    });
  }
}
