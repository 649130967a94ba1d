/** A QR code as one path of unit squares, with the quiet border that cameras want. */
export interface QrDrawing {
  readonly size: number
  readonly path: string
}

const quietModules = 4

export async function drawQr(text: string): Promise<QrDrawing> {
  const { create } = await import('qrcode/lib/core/qrcode.js')
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules
  const squares: string[] = []
  data.forEach((isDark, index) => {
    if (isDark === 0) return
    const [x, y] = [index % size, Math.floor(index / size)]
    squares.push(`M${x + quietModules} ${y + quietModules}h1v1h-1z`)
  })
  return { size: size + 2 * quietModules, path: squares.join('') }
}
