declare module 'qrcode/lib/core/qrcode.js' {
  interface QrModules {
    readonly size: number
    /** Row by row; 1 is dark. */
    readonly data: Uint8Array
  }
  export function create(
    text: string,
    options: { errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' },
  ): { readonly modules: QrModules }
}
