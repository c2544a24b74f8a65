// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/csv/csv_reader.h"

#include "policy/result.h"

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace directory {
namespace {

constexpr std::size_t kBufferOctets = std::size_t{256} * 1024;

policy::ErrorCode code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return policy::ErrorCode::kNotFound;
    case EACCES: return policy::ErrorCode::kDenied;
    default: return policy::ErrorCode::kUnavailable;
  }
}

std::unexpected<policy::Error> failure(const std::filesystem::path& path, int error) {
  return policy::fail(code_of(error),
                      path.string() + ": " + std::generic_category().message(error));
}

bool is_line_end(int c) {
  return c == '\n' || c == '\r';
}

}  // namespace

policy::Result<CsvReader> CsvReader::open(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error) {
    return failure(path, error.value());
  }
  if (!std::filesystem::is_regular_file(status)) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        path.string() + ": this is no regular file; name a CSV file");
  }
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) {
    return failure(path, errno);
  }
  CsvReader reader{path, file};
  reader.skip_byte_order_mark();
  return reader;
}

void CsvReader::skip_byte_order_mark() {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  fill();
  if (std::string_view{buffer_.data(), filled_}.starts_with(kMark)) {
    at_ = kMark.size();
  }
}

void CsvReader::fill() {
  buffer_.resize(kBufferOctets);
  at_ = 0;
  filled_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
  octets_ += filled_;
  if (std::ferror(file_.get()) != 0) {
    error_ = errno;
  }
}

int CsvReader::peek() {
  if (at_ == filled_) {
    fill();
  }
  return filled_ == 0 ? kEnd : static_cast<unsigned char>(buffer_[at_]);
}

int CsvReader::take() {
  const int c = peek();
  if (c != kEnd) {
    ++at_;
    ++row_octets_;
    line_ += c == '\n' ? 1 : 0;
  }
  return c;
}

policy::Result<std::optional<CsvRow>> CsvReader::next() {
  while (is_line_end(peek())) {
    take();
  }
  std::optional<CsvRow> row;
  if (peek() != kEnd) {
    row.emplace();
    read_row(*row);
  }
  if (error_ != 0) {
    return failure(path_, error_);
  }
  return row;
}

void CsvReader::read_row(CsvRow& row) {
  row.line = line_;
  row_octets_ = 0;
  while (row.defect.empty()) {
    read_field(row, row.fields.emplace_back());
    if (!row.defect.empty()) {
      break;
    }
    const int c = take();
    if (c == '\r' && peek() == '\n') {
      take();
    } else if (c == '\r') {
      row.defect = "a line ends with CR alone; end lines with LF or CR LF";
      return;
    }
    if (c != ',') {
      return;
    }
    if (row.fields.size() == kMaximumFields) {
      row.defect = "it has over 1000 fields; check its commas";
    }
  }
  skip_line();
}

void CsvReader::read_field(CsvRow& row, std::string& field) {
  if (peek() == '"') {
    take();
    read_quoted(row, field);
  } else {
    read_unquoted(row, field);
  }
  if (row_octets_ > kMaximumRowOctets) {
    row.defect = "it is over 1 MiB; check that each quote is closed";
  }
}

void CsvReader::read_quoted(CsvRow& row, std::string& field) {
  while (row_octets_ <= kMaximumRowOctets) {
    const int c = take();
    if (c == kEnd) {
      row.defect = "a quoted field is not closed; put \" after it";
      return;
    }
    const bool is_quote = c == '"';
    if (is_quote && peek() != '"') {
      break;
    }
    if (is_quote) {
      take();
    }
    field += static_cast<char>(c);
  }
  const int next = peek();
  if (next != ',' && next != kEnd && !is_line_end(next)) {
    row.defect = "there is text after a quoted field; double each quote within one";
  }
}

void CsvReader::read_unquoted(CsvRow& row, std::string& field) {
  while (row_octets_ <= kMaximumRowOctets) {
    const int c = peek();
    if (c == kEnd || c == ',' || is_line_end(c)) {
      return;
    }
    if (c == '"') {
      row.defect = "there is a quote in a field that is not quoted; quote the whole field";
      return;
    }
    field += static_cast<char>(take());
  }
}

void CsvReader::skip_line() {
  for (int c = peek(); c != kEnd && c != '\n'; c = peek()) {
    take();
  }
}

}  // namespace directory
