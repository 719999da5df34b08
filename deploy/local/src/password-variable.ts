/** Where a user of NATS has its password. */
export const passwordVariable = (user: string) =>
  `TOCSIN_NATS_${user.toUpperCase().replaceAll('-', '_')}_PASSWORD`;
