import { say } from '../words/say.ts'

/** Cards to come: what follows does not jump when they are there. */
export function Skeletons() {
  return (
    <>
      <p class="visually-hidden">{say('looking')}</p>
      <div class="cards" aria-hidden="true">
        {[1, 2, 3, 4, 5, 6].map((place) => (
          <div key={place} class="card skeleton">
            <span class="bone wide" />
            <span class="bone" />
            <span class="bone tall" />
          </div>
        ))}
      </div>
    </>
  )
}
