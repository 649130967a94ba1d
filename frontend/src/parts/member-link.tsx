import { useApp } from '../state/app.ts'

/** To the cluster page of a node. Another node is another origin, without our cookie: a ticket signs the visitor in there. */
export function MemberLink({ url }: { url: string }) {
  const { client, visitor } = useApp()
  const href = `${url}/cluster`
  const follow = async (event: MouseEvent) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey
    const isOther = new URL(href).origin !== location.origin
    if (!isPlain || !isOther || visitor.person.value === undefined) return
    event.preventDefault()
    const ticket = await client.session.ticket().catch(() => undefined)
    // A fragment goes to no server, and the page there takes it out of the address at once.
    location.assign(ticket === undefined ? href : `${href}#ticket=${ticket.ticket}`)
  }
  return (
    <a href={href} onClick={(event) => void follow(event)}>
      {url}
    </a>
  )
}
