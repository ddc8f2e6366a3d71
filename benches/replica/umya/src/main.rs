//! Appends one row as umya-spreadsheet does it: the measure that the service is compared with.

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let mut book = umya_spreadsheet::reader::xlsx::read(std::path::Path::new(&arguments[1])).unwrap();
    let sheet = book.sheet_by_name_mut("Реєстр").unwrap();
    let row = sheet.highest_row() + 1;
    sheet.cell_mut((1, row)).set_value("один");
    sheet.cell_mut((2, row)).set_value("рядок");
    umya_spreadsheet::writer::xlsx::write(&book, std::path::Path::new(&arguments[2])).unwrap();
}
