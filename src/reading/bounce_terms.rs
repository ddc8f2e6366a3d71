//! Set phrases of mail servers: terms for `Terms`, separated by `;`. Data only.

/// Not delivered for good.
pub const FAILURE: &str = "
undeliver*; delivery status notification failure; mail delivery failed; delivery failure; delivery failed;
returned mail; failure notice; returned to sender; could not be delivered; couldn t be delivered; wasn t delivered;
was not delivered; not delivered; user unknown; recipient address rejected; address not found; mailbox unavailable;
mailbox full; over quota; quota exceeded; no such user; permanent error; permanent fatal errors; недоставлен*;
не доставлен*; неможливо доставити; не вдалося доставити; не вдалось доставити; не удалось доставить;
не был доставлен*; невозможно доставить; помилка доставки; ошибка доставки; лист повернуто; повернення листа;
скринька переповнена; скриньк* переповнен*; ящик переполнен; адресата не знайдено; адресу не знайдено;
адрес не найден; message blocked; 550 5; 552 5; 554 5; 5 1 1; 5 2 2; 5 7 1; rejected
";

/// Not delivered yet.
pub const DELAY: &str = "
delivery status notification delay; delayed; delivery delay*; delay; warning could not send; still being retried;
will be retried; will retry; not yet been delivered; has been delayed; затримк* доставк*; затриму*; затримано;
доставка задерж*; задержк* доставк*; буде повторено; будет повторена; спроби тривають; спроби доставки тривають;
тимчасово не доставлен*; ще не доставлен*; 4 4 1; 4 2 2; 4 7 1
";
