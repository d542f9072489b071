// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/token_store.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <qt6keychain/keychain.h>

namespace connection {

namespace {

constexpr qint64 fileBytesMax = 1024 * 1024;

QString service()
{
    return QStringLiteral("clickroom");
}

// The keychain works, whatever it said of this key.
bool isKeychainThere(QKeychain::Error error)
{
    return error == QKeychain::NoError || error == QKeychain::EntryNotFound || error == QKeychain::AccessDeniedByUser;
}

QJsonObject readFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > fileBytesMax)
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

} // namespace

TokenStore::TokenStore(QString fileFolder, bool tryKeychain, QObject* parent)
    : QObject(parent), m_fileFolder(std::move(fileFolder)), m_tryKeychain(tryKeychain)
{
}

QString TokenStore::filePath() const
{
    return m_fileFolder + QStringLiteral("/tokens.json");
}

void TokenStore::load(const QString& address)
{
    if (!m_tryKeychain)
        return loadFromFile(address);
    auto* job = new QKeychain::ReadPasswordJob(service(), this);
    job->setKey(address);
    connect(job, &QKeychain::Job::finished, this, [this, job, address] {
        if (!isKeychainThere(job->error())) {
            m_tryKeychain = false;
            return loadFromFile(address);
        }
        m_place = Place::Keychain;
        if (job->error() == QKeychain::AccessDeniedByUser)
            emit failed(address, job->errorString());
        else
            emit loaded(address, job->textData());
    });
    job->start();
}

void TokenStore::save(const QString& address, const QString& token)
{
    if (!m_tryKeychain)
        return saveToFile(address, token);
    auto* job = new QKeychain::WritePasswordJob(service(), this);
    job->setKey(address);
    job->setTextData(token);
    connect(job, &QKeychain::Job::finished, this, [this, job, address, token] {
        if (!isKeychainThere(job->error())) {
            m_tryKeychain = false;
            return saveToFile(address, token);
        }
        m_place = Place::Keychain;
        if (job->error() == QKeychain::NoError)
            emit saved(address, m_place);
        else
            emit failed(address, job->errorString());
    });
    job->start();
}

void TokenStore::remove(const QString& address)
{
    if (!m_tryKeychain)
        return saveToFile(address, {});
    auto* job = new QKeychain::DeletePasswordJob(service(), this);
    job->setKey(address);
    connect(job, &QKeychain::Job::finished, this, [this, job, address] {
        if (!isKeychainThere(job->error())) {
            m_tryKeychain = false;
            return saveToFile(address, {});
        }
        m_place = Place::Keychain;
        emit saved(address, m_place);
    });
    job->start();
}

void TokenStore::loadFromFile(const QString& address)
{
    m_place = Place::File;
    emit loaded(address, readFile(filePath())[address].toString());
}

void TokenStore::saveToFile(const QString& address, const QString& token)
{
    m_place = Place::File;
    QDir().mkpath(m_fileFolder);
    QJsonObject tokens = readFile(filePath());
    if (token.isEmpty())
        tokens.remove(address);
    else
        tokens[address] = token;
    const QByteArray bytes = QJsonDocument(tokens).toJson();
    // Made readable for its owner alone before anything is in it.
    QSaveFile file(filePath());
    const bool written = file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                         file.write(bytes) == bytes.size() && file.commit();
    if (written && QFile::setPermissions(filePath(), QFile::ReadOwner | QFile::WriteOwner))
        emit saved(address, m_place);
    else
        emit failed(address, file.errorString());
}

} // namespace connection
