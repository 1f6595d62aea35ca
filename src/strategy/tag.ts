/**
 * The names of what an order does and why: they stand in orderRef, in the CSV files and in every decision. The rules make
 * them, so they live with the rules; nothing here decides.
 */
export type Side = 'BUY' | 'SELL';
export type Tag =
  'ladder_buy' | 'ladder_sell' | 'breakeven_trim' | 'live_stop' | 'live_trail' | 'flatten' | 'anti_short_cover';
