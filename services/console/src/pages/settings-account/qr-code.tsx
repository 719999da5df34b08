import { encodeQR } from 'qr';

const QUIET = 4;

/** Drawn here: the secret in it is sent to nobody. */
export default function QrCode({ text }: { readonly text: string }) {
  const rows = encodeQR(text, 'raw', { border: QUIET });
  const size = rows.length;
  const path = rows
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    // Black on white in the dark too: cameras want it so.
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an img would need the secret in an address
    <svg viewBox={`0 0 ${size} ${size}`} width={184} height={184} role="img" shapeRendering="crispEdges">
      <title>QR code for an authenticator app</title>
      <rect width={size} height={size} fill="#fff" rx={2} />
      <path d={path} fill="#000" />
    </svg>
  );
}
