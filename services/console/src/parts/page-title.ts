import { useEffect } from 'react';

/** The tab is named after the page; what is on it first. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined || title === '' ? 'Tocsin' : `${title} · Tocsin`;
  }, [title]);
}
