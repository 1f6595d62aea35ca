/**
 * Ids of the requests of one connection, and who wants to hear when one fails. Order ids are another row of numbers but share
 * the field in which a gateway names what an error is about; an id that is an order's is never given to a request.
 */
export type RequestFailed = (code: number, text: string) => void;

export class Requests {
  private readonly open = new Map<number, RequestFailed>();
  private next = 1_500_000_000;

  constructor(private readonly isOrder: (id: number) => boolean) {}

  add(failed: RequestFailed): number {
    do this.next++;
    while (this.isOrder(this.next));
    this.open.set(this.next, failed);
    return this.next;
  }

  /** Nobody wants to hear of it any more. */
  forget(id: number): void {
    this.open.delete(id);
  }

  /** False when the id is no request's. */
  fail(id: number, code: number, text: string): boolean {
    const failed = this.open.get(id);
    failed?.(code, text);
    return failed !== undefined;
  }
}
