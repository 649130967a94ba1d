import { useRef } from 'preact/hooks'
import { useApp } from '../state/app.ts'
import type { Preferences } from '../state/preferences.ts'
import { language, languages, say } from '../words/say.ts'
import { Field } from './field.tsx'

/** The way to what somebody may set for this browser. */
export function Settings() {
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <>
      <button class="button quiet" type="button" onClick={() => dialog.current?.showModal()}>
        {say('settings')}
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="settings">
        <form method="dialog">
          <h2 id="settings">{say('settings')}</h2>
          <Choices />
          <div class="actions">
            <button class="button" type="submit">
              {say('done')}
            </button>
          </div>
        </form>
      </dialog>
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
  const { theme } = preferences.value.value
  return (
    <>
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
            value={theme}
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
    </>
  )
}
