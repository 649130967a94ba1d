import { effect } from '@preact/signals'
import { chooseLanguage, language, speak } from '../words/say.ts'
import type { KeptPreferences } from './preferences.ts'

/** Keeps the document's language, theme and motion as set. Resolves once the language is there. */
export async function keepPageStyle(preferences: KeptPreferences): Promise<void> {
  const root = document.documentElement
  effect(() => {
    const { theme } = preferences.value.value
    if (theme === 'system') root.removeAttribute('data-theme')
    else root.setAttribute('data-theme', theme)
  })
  effect(() => void root.toggleAttribute('data-still', !preferences.value.value.hasMotion))
  effect(() => root.setAttribute('lang', language().code))
  const wanted = () => preferences.value.value.language || chooseLanguage(navigator.languages)
  await speak(wanted())
  effect(() => void speak(wanted()))
}
