import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type AnchorAttributes = Omit<ComponentPropsWithRef<'a'>, keyof AnchorProps>;
type ButtonAttributes = Omit<ComponentPropsWithRef<'a'>, keyof ButtonProps>;

const PlainTextLink = (props: AnchorProps & AnchorAttributes) => <Anchor {...props} />;
const PlainButtonLink = (props: ButtonProps & ButtonAttributes) => <Button component="a" {...props} />;

/** A link to a page of the console, typed by its routes. */
export const TextLink: LinkComponent<typeof PlainTextLink> = createLink(PlainTextLink);

/** The same that looks like a button. */
export const ButtonLink: LinkComponent<typeof PlainButtonLink> = createLink(PlainButtonLink);
