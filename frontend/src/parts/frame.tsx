import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useApp } from '../state/app.ts'
import { Connection } from './connection.tsx'
import { NameDialog } from './name-dialog.tsx'

const places = [
  ['/', 'Catalogue'],
  ['/watching', 'Watching'],
  ['/sell', 'Sell'],
  ['/cluster', 'Cluster'],
] as const

/** What surrounds every page. */
export function Frame({ children }: { children: ComponentChildren }) {
  const { path } = useLocation()
  return (
    <div class="frame">
      <header class="bar">
        <a class="wordmark" href="/">
          Lotkeeper
        </a>
        <nav aria-label="Pages">
          <ul>
            {places.map(([href, name]) => (
              <li key={href}>
                <a href={href} aria-current={path === href ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="aside">
          <Connection />
          <WhoIsHere />
        </div>
      </header>
      <main class="page">{children}</main>
      <footer class="foot">
        <p>A bid that was acknowledged is in the journal, whichever node fails next.</p>
      </footer>
      <NameDialog />
    </div>
  )
}

function WhoIsHere() {
  const { visitor } = useApp()
  const person = visitor.person.value
  if (person === undefined) return <span class="small muted">Guest</span>
  return (
    <span class="small">
      <span class="visually-hidden">You are </span>
      {person.name}
    </span>
  )
}
