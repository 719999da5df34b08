/**
 * The commonest of at least ten characters in lists of leaked passwords, and the words that people lengthen with digits
 * and signs (those are compared without them). Shorter ones are refused for their length.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  1234567890 0123456789 0987654321 9876543210 12345678910 123456789a 123456789q a123456789 q123456789 1q2w3e4r5t
  1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc qazwsxedcrfv zaq12wsxcde3 qwertyuiop qwerty1234 qwerty12345 qwerty123456
  qwertyuiop123 1234qwerasdf qwer1234asdf asdfghjkl1 asdfghjkl asdfghjklz zxcvbnm123 qwertzuiop azertyuiop 1122334455
  1111122222 1212121212 123123123123 1231231231 0000000001 147258369a 1472583690 password password1 password12
  password123 password1234 passw0rd passw0rd123 p@ssw0rd p@ssword p@ssw0rd123 pa$$word pa$$w0rd mypassword thepassword
  newpassword changeme changemenow changeme123 letmein letmeinnow welcome welcome123 welcome1234 iloveyou iloveyou123
  iloveyou12 iloveyouforever iloveyou1234 sunshine sunshine123 princess princess123 football football123 baseball
  baseball123 superman superman123 superstar batman starwars starwars123 dragon monkey shadow master michael jennifer
  jordan23 liverpool manchester manchesterunited chelsea arsenal barcelona realmadrid juventus tinkerbell
  administrator administrator1 admin admin123 admin1234 admin12345 adminadmin adminadmin123 root rootroot rootpassword
  default defaultpassword guest guestguest test testtest testing testpassword testing123 temporary temppassword secret
  secretpassword topsecret trustno1 whatever qwerty abcdefghij abcdefghijk abcd1234 abc123abc123 abcdef123456 abc1234567
  abcdefg123 computer internet whatsapp facebook google microsoft samsung pokemon pokemon123 minecraft counterstrike
  hellohello helloworld hello123456 hello12345 charlie123 freedom123 summer winter spring autumn monday sommer winter2024
  correcthorsebatterystaple correct-horse-battery-staple tocsin tocsintocsin monitoring
  `
    .trim()
    .split(/\s+/),
);
