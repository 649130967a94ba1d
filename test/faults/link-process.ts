import { type Proxy, startProxy } from '../support/proxy.ts'
import type { LinkAnswer, LinkOrder } from './link-order.ts'

/**
 * The links between nodes and store servers, in a process of their own: a driver that is short of time for a moment must not
 * look like a slow network. Does what the driver orders and ends with it.
 */
const proxies = new Map<string, Proxy>()

async function obey(order: LinkOrder): Promise<number | undefined> {
  if (order.do === 'open') {
    const proxy = await startProxy({ host: order.to.host, port: order.to.clientPort }, order.host)
    proxies.set(order.link, proxy)
    return proxy.port
  }
  const proxy = proxies.get(order.link)
  if (proxy === undefined) throw new Error(`no link ${order.link}`)
  switch (order.do) {
    case 'cut':
      proxy.cut()
      break
    case 'heal':
      proxy.heal()
      break
    case 'silence':
      proxy.silence(order.direction, order.held)
      break
    case 'delay':
      proxy.delay(order.ms)
      break
    case 'drop-reply':
      // Armed, not waited for: the link may be idle.
      void proxy.dropNextReply()
      break
    case 'truncate-reply':
      void proxy.truncateNextReply(order.bytes)
      break
    case 'count':
      return proxy.connectionCount
  }
  return undefined
}

process.on('message', (order: LinkOrder & { id: number }) => {
  const answer = (told: LinkAnswer) => process.send?.(told)
  obey(order).then(
    (value) => answer({ id: order.id, ...(value === undefined ? {} : { value }) }),
    (error: unknown) => answer({ id: order.id, error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
