/** The guest session as a cookie. Cookies do not tell ports apart, so nodes on one host share it. */
export const sessionCookieName = 'lotkeeper_session'

const maxAgeSeconds = 30 * 86_400

export function readSessionCookie(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === sessionCookieName && value !== undefined && value !== '') return value
  }
  return undefined
}

/** @param isSecure whether the node is reached over https; a browser would drop the cookie otherwise */
export function writeSessionCookie(token: string, isSecure: boolean): string {
  return cookie(token, maxAgeSeconds, isSecure)
}

export function clearSessionCookie(isSecure: boolean): string {
  return cookie('', 0, isSecure)
}

function cookie(value: string, maxAge: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : ''
  return `${sessionCookieName}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`
}
