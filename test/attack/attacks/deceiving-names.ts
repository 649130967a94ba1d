import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { signIn } from '../stage/person.ts'

/** Guests and lots whose names show as nothing, or as another text than they are. */
export const deceivingNames: Attack = {
  name: 'deceiving-names',
  promise: 'no name or title is invisible, or hides what it is made of',
  async run(stage) {
    const stranger = stage.stranger()
    const seller = await signIn(stranger, 'Selma')
    const broken: string[] = []
    for (const [what, text] of Object.entries(names)) {
      const guest = await stranger.ask({
        ...{ method: 'POST', path: `${apiPath}/session`, body: { name: text } },
      })
      const lot = await stranger.ask({
        ...{ method: 'POST', path: `${apiPath}/auctions`, token: seller.token },
        body: { title: text, durationMs: 60_000 },
      })
      for (const [kind, { status, text: told }] of Object.entries({ name: guest, title: lot })) {
        if (status === 201 && told.includes(JSON.stringify(text).slice(1, -1))) {
          broken.push(`a ${kind} of ${what} is taken as it is`)
        }
      }
    }
    for (const name of ['Ann', 'Zoë', 'O’Brien', '李雷', 'Мария', 'José', 'محمد', 'नेहा']) {
      const path = `${apiPath}/session`
      const { status } = await stranger.ask({ method: 'POST', path, body: { name } })
      if (status !== 201) broken.push(`the name ${name} is refused`)
    }
    return broken
  },
}

const names = {
  'a zero width space alone': '\u200b',
  'a name and a zero width space': 'Ann\u200b',
  'a hangul filler': '\u3164',
  'a braille blank': '\u2800',
  'a word joiner': '\u2060',
  'a mongolian vowel separator': '\u180e',
  'a right-to-left mark': 'Ann\u200f',
  'an arabic letter mark': 'Ann\u061c',
  'a line separator': 'Ann\u2028(auctioneer)',
  'a paragraph separator': 'Ann\u2029x',
  'an interlinear anchor': 'Ann\ufff9x',
  'a noncharacter': 'Ann\ufdd0',
  'a soft hyphen': 'A\u00adnn',
  'combining marks alone': '\u0301\u0302',
  'many combining marks': `A${'\u0301'.repeat(39)}`,
  'a tag character': 'Ann\u{e0041}',
  'an unassigned character': 'Ann\u0378',
  'a bidi override': 'Ann\u202e',
  'half a character': 'Ann\ud800',
  'an escape': 'Ann\u001b[31m',
}
