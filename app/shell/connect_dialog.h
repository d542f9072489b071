// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QUrl>

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace widgets {
class Text;
}

namespace shell {

// Asks for a backend's address and a token.
class ConnectDialog : public QDialog {
    Q_OBJECT

public:
    explicit ConnectDialog(const QString& address, QWidget* parent = nullptr);

    QUrl address() const;
    QString token() const;
    bool remember() const;
    // A token kept for the address, shown as dots like a typed one.
    void setToken(const QString& token);
    void setProblem(const QString& words);

signals:
    void addressEdited(const QString& address);

private:
    void check();

    QLineEdit* m_address;
    QLineEdit* m_token;
    QCheckBox* m_remember;
    widgets::Text* m_problem;
    QPushButton* m_connect;
};

// The address as it was meant: a host alone gets scheme and port. Not valid: it is none.
QUrl backendUrl(const QString& text);

} // namespace shell
