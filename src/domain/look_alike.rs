//! Letters of two alphabets that look the same. THE table; whoever compares what people typed goes through it.
//!
//! People mix Latin and Cyrillic in one word without seeing it (the order itself has "ВС" in its head and "BC" in its
//! annexes). Only what is the same to the eye stands here; what sounds the same is another matter.

/// The Cyrillic twin of a Latin letter that looks exactly the same; every other character comes back as it is.
pub fn cyrillic_twin(c: char) -> char {
    match c {
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' => 'Е',
        'H' => 'Н',
        'I' => 'І',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        'a' => 'а',
        'c' => 'с',
        'e' => 'е',
        'i' => 'і',
        'o' => 'о',
        'p' => 'р',
        'x' => 'х',
        'y' => 'у',
        'ï' => 'ї',
        'Ï' => 'Ї',
        other => other,
    }
}
