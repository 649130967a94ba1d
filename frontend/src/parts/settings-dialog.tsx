import { useRef } from 'preact/hooks'
import { useApp } from '../state/app.ts'
import type { Preferences } from '../state/preferences.ts'
import type { English } from '../words/english.ts'
import { language, languages, say } from '../words/say.ts'
import { DoneDialog } from './done-dialog.tsx'
import { Field } from './field.tsx'

/** The way to what somebody may set for this browser. */
export function Settings() {
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <>
      <button
        class="icon-button"
        type="button"
        aria-label={say('settings')}
        title={say('settings')}
        onClick={() => dialog.current?.showModal()}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M3 7h10m6 0h2M3 17h2m6 0h10" />
          <circle cx="16" cy="7" r="3" />
          <circle cx="8" cy="17" r="3" />
        </svg>
      </button>
      <DoneDialog dialog={dialog} id="settings" title={say('settings')}>
        <Choices />
        <Switches />
      </DoneDialog>
    </>
  )
}

const themes = [
  ['system', 'themeSystem'],
  ['light', 'themeLight'],
  ['dark', 'themeDark'],
] as const

function Choices() {
  const { preferences } = useApp()
  return (
    <div class="fields">
      <Field label={say('language')}>
        {(control) => (
          <select
            {...control}
            value={language().code}
            onChange={(event) => preferences.change({ language: event.currentTarget.value })}
          >
            {languages.map(({ code, name }) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={say('theme')}>
        {(control) => (
          <select
            {...control}
            value={preferences.value.value.theme}
            onChange={(event) =>
              preferences.change({ theme: event.currentTarget.value as Preferences['theme'] })
            }
          >
            {themes.map(([value, words]) => (
              <option key={value} value={value}>
                {say(words)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  )
}

type Switch = Extract<keyof Preferences, `has${string}` | 'masksNames'>

const switches = [
  ['hasSound', 'switchSound'],
  ['hasVibration', 'switchVibration'],
  ['hasNotifications', 'switchNotifications'],
  ['hasMotion', 'switchMotion'],
  ['hasShortcuts', 'switchShortcuts'],
  ['masksNames', 'switchMask'],
] as const satisfies readonly (readonly [Switch, keyof English])[]

function Switches() {
  const { preferences, alerts } = useApp()
  const turn = async (name: Switch, isOn: boolean) => {
    const isRefused = name === 'hasNotifications' && isOn && !(await alerts.askToNotify())
    preferences.change({ [name]: isOn && !isRefused })
  }
  return (
    <div>
      {switches.map(([name, words]) => (
        <label key={name} class="check">
          <input
            type="checkbox"
            checked={preferences.value.value[name]}
            onChange={(event) => void turn(name, event.currentTarget.checked)}
          />
          {say(words)}
        </label>
      ))}
      <button
        class="button quiet"
        type="button"
        onClick={() => alerts.turned('outbid', say('tried'))}
      >
        {say('tryAlerts')}
      </button>
    </div>
  )
}
