/** `Mon 2 Feb, 09:00 CET`: when it is due, and by whose clock. */
export function slotText(at: string, timeZone: string): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    // An expression with seconds is due at some.
    ...(at.endsWith(':00.000Z') ? {} : { second: '2-digit' }),
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone,
  };
  return new Intl.DateTimeFormat('en-GB', options).format(Date.parse(at));
}
