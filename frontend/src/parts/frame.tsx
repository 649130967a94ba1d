import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useApp } from '../state/app.ts'
import { Connection } from './connection.tsx'
import { NameDialog } from './name-dialog.tsx'
import { Settings } from './settings-dialog.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { say } from '../words/say.ts'

const places = [
  ['/', 'catalogue'],
  ['/watching', 'watching'],
  ['/sell', 'sell'],
  ['/cluster', 'cluster'],
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
        <nav aria-label={say('pages')}>
          <ul>
            {places.map(([href, name]) => (
              <li key={href}>
                <a href={href} aria-current={path === href ? 'page' : undefined}>
                  {say(name)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="aside">
          <Connection />
          <WhoIsHere />
          <Settings />
        </div>
      </header>
      <main class="page">{children}</main>
      <footer class="foot">
        <p>{say('promise')}</p>
      </footer>
      <NameDialog />
      <Shortcuts />
    </div>
  )
}

function WhoIsHere() {
  const { visitor } = useApp()
  const person = visitor.person.value
  if (person === undefined) return <span class="small muted">{say('guest')}</span>
  return (
    <span class="small">
      <span class="visually-hidden">{say('youAre')} </span>
      {person.name}
    </span>
  )
}
