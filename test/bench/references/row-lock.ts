import { Client } from 'pg'
import { must } from '../../../src/lib/assert.ts'
import type { Pace } from '../pace.ts'

const schema = `
  create table auction (id int primary key, standing bigint not null, bid_count bigint not null);
  create table bid (
    auction_id int not null, bid_count bigint not null, bidder text not null, bid_id text not null, amount bigint not null,
    at timestamptz not null default clock_timestamp(), primary key (auction_id, bid_count), unique (auction_id, bidder, bid_id)
  );
  insert into auction values (1, 100, 0);
  create function place_bid(of_bidder text, of_bid text, of_amount bigint) returns boolean language plpgsql as $$
  declare seen auction;
  begin
    select * into seen from auction where id = 1 for update;
    if of_amount <= seen.standing then return false; end if;
    insert into bid values (1, seen.bid_count + 1, of_bidder, of_bid, of_amount);
    update auction set standing = of_amount, bid_count = seen.bid_count + 1 where id = 1;
    return true;
  end $$;
`

/**
 * The same in one relational database: a row lock, an insert and an update in one function call, amounts from one rising
 * counter. `count` is of all that were decided, as elsewhere.
 */
export async function openRowLock(options: { port: number; clients: number }) {
  const address = { host: '127.0.0.1', port: options.port, user: 'bench', database: 'postgres' }
  const clients = Array.from({ length: options.clients }, () => new Client(address))
  await Promise.all(clients.map((client) => client.connect()))
  const [first] = clients
  await must(first, 'client').query(schema)
  let amount = 100
  const place = async (client: Client, bidder: number): Promise<boolean> => {
    const mine = ++amount
    const { rows } = await client.query({
      name: 'place',
      text: 'select place_bid($1, $2, $3) as accepted',
      values: [`b${bidder}`, `bid-${mine}`, mine],
    })
    return rows[0]?.['accepted'] === true
  }
  return {
    async bid({ ms }: { ms: number }): Promise<Pace & { accepted: number }> {
      const latenciesMs: number[] = []
      let accepted = 0
      const startMs = performance.now()
      const loops = clients.map(async (client, bidder) => {
        while (performance.now() < startMs + ms) {
          const sentMs = performance.now()
          if (await place(client, bidder)) accepted++
          latenciesMs.push(performance.now() - sentMs)
        }
      })
      await Promise.all(loops)
      const tookMs = performance.now() - startMs
      const { length: count } = latenciesMs
      return { count, tookMs, latenciesMs: Float64Array.from(latenciesMs), accepted }
    },
    async bidCount(): Promise<number> {
      const { rows } = await must(first, 'client').query({
        text: 'select bid_count from auction',
      })
      return Number(rows[0]?.['bid_count'])
    },
    async close() {
      await Promise.all(clients.map((client) => client.end()))
    },
  }
}
