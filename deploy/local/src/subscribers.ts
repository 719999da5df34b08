import { parseSubscribers, subscriberAccess, subscriberAccount } from '@tocsin/contracts';
import type { NatsOutsider } from '@tocsin/local-stack';
import { passwordVariable } from './password-variable.js';

/**
 * Those of TOCSIN_SUBSCRIBERS with the passwords that the operator chose.
 * @throws with every password that is not there
 */
export function natsSubscribers(env: NodeJS.ProcessEnv): NatsOutsider[] {
  const subscribers = parseSubscribers(env.TOCSIN_SUBSCRIBERS).map((subscriber) => {
    const variable = passwordVariable(subscriberAccount(subscriber.name));
    return {
      name: subscriber.name,
      variable,
      password: env[variable] ?? '',
      access: subscriberAccess(subscriber),
    };
  });
  const missing = subscribers.filter(({ password }) => password === '').map(({ variable }) => variable);
  if (missing.length > 0)
    throw new Error(`set ${missing.join(', ')}: a subscriber of TOCSIN_SUBSCRIBERS signs in with a password`);
  return subscribers.map(({ name, password, access }) => ({ name, password, access }));
}
