import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterEach, expect, it } from 'vitest';
import { type SmtpFake, startSmtpFake } from './smtp.js';

let fake: SmtpFake | undefined;
afterEach(() => fake?.stop());

const send = async (server: SmtpFake, options: object = {}, mail: SendMailOptions = {}) => {
  const transport = createTransport({ host: server.host, port: server.port, ...options });
  try {
    return await transport.sendMail({
      from: 'a@x.example',
      to: 'b@x.example',
      subject: 'hé',
      text: 'hi',
      ...mail,
    });
  } finally {
    transport.close();
  }
};

it('keeps the mail, parsed and raw', async () => {
  fake = await startSmtpFake();
  await send(fake, {}, { messageId: '<1@x.example>' });
  expect(fake.received[0]).toMatchObject({ from: 'a@x.example', to: ['b@x.example'], acknowledged: true });
  expect(fake.received[0]?.mail.subject).toBe('hé');
  expect(fake.received[0]?.rawHeaders).toContain('Message-ID: <1@x.example>\r\n');
});

it('refuses one recipient and takes the mail for the other', async () => {
  fake = await startSmtpFake();
  fake.refuseRecipient('gone@x.example', { code: 550 });
  const info = await send(fake, {}, { to: ['gone@x.example', 'b@x.example'] });
  expect(info.rejected).toEqual(['gone@x.example']);
  expect(fake.received[0]?.to).toEqual(['b@x.example']);
});

it('greylists once', async () => {
  fake = await startSmtpFake();
  fake.refuseRecipient('b@x.example', { code: 451, times: 1 });
  await expect(send(fake)).rejects.toMatchObject({ responseCode: 451 });
  await send(fake);
  expect(fake.received).toHaveLength(1);
});

it('refuses a message after its final dot', async () => {
  fake = await startSmtpFake();
  fake.refuseMessage({ code: 554, message: 'spam' });
  await expect(send(fake)).rejects.toMatchObject({ responseCode: 554 });
  expect(fake.received).toEqual([]);
});

it('takes a message and cuts before saying so', async () => {
  fake = await startSmtpFake();
  fake.cutAfterData();
  await expect(send(fake)).rejects.toThrow(/ECONNRESET|closed|reset/i);
  await send(fake);
  expect(fake.received.map(({ acknowledged }) => acknowledged)).toEqual([false, true]);
});

it('wants the right password when told to', async () => {
  fake = await startSmtpFake({ auth: { user: 'u', password: 'p' } });
  await expect(send(fake)).rejects.toMatchObject({ responseCode: 530 });
  await expect(send(fake, { auth: { user: 'u', pass: 'no' } })).rejects.toMatchObject({ responseCode: 535 });
  await send(fake, { auth: { user: 'u', pass: 'p' } });
  expect(fake.received[0]?.user).toBe('u');
});
